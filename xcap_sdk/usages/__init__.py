"""usages."""
