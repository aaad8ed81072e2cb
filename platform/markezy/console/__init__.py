"""The web console for an agency's staff: server-rendered pages that read through the domains' doors only."""
