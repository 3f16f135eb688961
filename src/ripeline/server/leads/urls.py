"""The list of leads and the page of one."""

from django.urls import path

from ripeline.server.leads import lead_views, listing

app_name = "leads"
urlpatterns = [
    path("", listing.leads, name="list"),
    path("<id:id>/", lead_views.lead, name="lead"),
]
