"""Looking things up in the audit: who read or changed what, when, from where. It is written by the kernel's edge."""
