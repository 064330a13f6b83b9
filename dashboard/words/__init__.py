"""Every sentence on screen, in English and Vietnamese."""
