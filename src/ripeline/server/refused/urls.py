"""The list of refused events, the page of one, and what is done with many at once."""

from django.urls import path

from ripeline.server.refused import event_views, listing, many_views

app_name = "refused"
urlpatterns = [
    path("", listing.refused, name="list"),
    path("replay/", many_views.replay, name="replay-many"),
    path("discard/", many_views.discard, name="discard-many"),
    path("resumption/<id:id>/", many_views.progress, name="progress"),
    path("<id:id>/", event_views.event, name="event"),
    path("<id:id>/replay/", event_views.replay, name="replay"),
    path("<id:id>/discard/", event_views.discard, name="discard"),
    path("<id:id>/bytes/", event_views.whole, name="bytes"),
]
