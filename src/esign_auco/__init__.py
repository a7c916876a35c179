"""Auco as a provider of esign: requests, answers, statuses, webhooks and a sandbox of its own."""
