"""Leads and strategies into the agency's CRM: connections, mapping, sync."""
