"""How the services are reached: over HTTPS, or behind somebody who speaks it. Imported by both interpreters."""
