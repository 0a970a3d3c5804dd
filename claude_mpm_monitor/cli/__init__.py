"""The command line, `mpm-monitor`. One module a command, loaded when the command is used."""
