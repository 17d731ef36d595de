"""Addresses of the payment providers: webhooks, and the sandbox provider in a pilot."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
