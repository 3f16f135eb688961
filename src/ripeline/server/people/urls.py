"""Signing in and out, and the settings."""

from django.urls import path
from django.views.generic import RedirectView

from ripeline.server.people import keys, pages, preferences, sign_in

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("settings/", RedirectView.as_view(pattern_name="people:preferences"), name="settings"),
    path("settings/preferences/", preferences.preferences, name="preferences"),
    path("settings/password/", preferences.password, name="own-password"),
    path("settings/people/", pages.everybody, name="people"),
    path("settings/people/add/", pages.add, name="add"),
    path("settings/people/<id:id>/", pages.change, name="change"),
    path("settings/people/<id:id>/password/", pages.reset_password, name="reset-password"),
    path("settings/people/<id:id>/deactivate/", pages.deactivate, name="deactivate"),
    path("settings/people/<id:id>/activate/", pages.activate, name="activate"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/new/", keys.new, name="new-key"),
    path("settings/keys/<id:id>/revoke/", keys.revoke, name="revoke-key"),
]
