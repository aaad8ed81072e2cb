"""A HubSpot look-alike: CRM API v3 as documented, faults included, and a page that shows what it holds."""
