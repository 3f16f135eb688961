"""The inbox and the decisions made in it."""

from django.urls import path

from ripeline.server.inbox import decisions, views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("rows/", views.rows, name="rows"),
    path("<id:id>/", views.lead, name="lead"),
    path("<id:id>/accept/", decisions.accept, name="accept"),
    path("<id:id>/reject/", decisions.reject, name="reject"),
    path("<id:id>/reassign/", decisions.reassign, name="reassign"),
    path("<id:id>/undo/<id:act>/", decisions.undo, name="undo"),
]
