"""`python -m claude_mpm_monitor` is `mpm-monitor`."""

from claude_mpm_monitor.cli.main import main

if __name__ == "__main__":
    main()
