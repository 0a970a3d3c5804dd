"""The adapter to claude-mpm, and to Claude Code as it is started: the only part that knows them.

How ``claude-mpm run --monitor`` becomes ours, in reading order:

``claude_mpm_monitor.pth``  one line Python executes at start; it calls ``boot`` for such a run only
``boot``                    recognises the command line, asks ``finder`` to watch for host modules
``seams``                   what is exchanged in each of those modules, for every host version
``monitored_run``           one run: the monitor's start, the launch of claude, the end
``launch``                  claude is run as a child instead of by exec
``child``                   the child that looks to the user as if we had become it
``claude_hooks``, ``settings``, ``cli``  the hooks Claude Code is given for this run
``takeover``                the same on request: `mpm-monitor run`
``user_hooks``              hooks for good, for those who run plain claude

No failure in here may reach the host: ``guard`` turns each into one line on standard error.
"""
