"""The page of an account."""

from django.urls import path

from ripeline.server.leads import accounts

app_name = "accounts"
urlpatterns = [path("<id:id>/", accounts.account, name="account")]
