"""HubSpot, CRM API v3 (https://developers.hubspot.com/docs/api/crm/understanding-the-crm)."""
