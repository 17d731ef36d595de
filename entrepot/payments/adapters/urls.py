"""Addresses of the payment providers: the buyer's way back, webhooks, and the sandbox provider in a pilot."""

from django.urls import path

from entrepot.payments.adapters import doors
from entrepot.payments.adapters.sandbox import pages
from entrepot.payments.adapters.sepa import pages as sepa

urlpatterns = [
    path("return/<str:shown>/", doors.come_back, name="payment_return"),
    path("webhooks/<str:provider>/", doors.take_webhook, name="payment_webhook"),
    path("transfer/<str:token>/", sepa.transfer, name="sepa_transfer"),
    path("sandbox/<str:token>/", pages.checkout, name="sandbox_checkout"),
    path("sandbox/<str:token>/secure/", pages.secure, name="sandbox_secure"),
]
