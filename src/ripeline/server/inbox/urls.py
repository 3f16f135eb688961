"""The inbox and the decisions made in it."""

from django.urls import path

from ripeline.server.inbox import decisions, views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("rows/", views.rows, name="rows"),
    path("<int:id>/", views.lead, name="lead"),
    path("<int:id>/accept/", decisions.accept, name="accept"),
    path("<int:id>/reject/", decisions.reject, name="reject"),
    path("<int:id>/reassign/", decisions.reassign, name="reassign"),
    path("<int:id>/undo/", decisions.undo, name="undo"),
]
