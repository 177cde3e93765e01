"""Elections that come and go as files: counting one, importing one, exporting one."""
