"""Stand-ins for what lies on the internet: a HubSpot look-alike, a mail catcher, the agencies' websites. Demo and tests only."""
