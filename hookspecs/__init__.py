"""Every hook a plugin can implement, and the markers to do it with.

========================================  ==============================================
hook                                      purpose
========================================  ==============================================
``monitor_started``                       the monitor listens and stores
``monitor_stopping``                      the monitor is about to stop
``monitor_register_decoders``             understand further kinds of deliveries
``monitor_register_analyzers``            turn events into documents
``monitor_register_widgets``              add to the dashboard
``monitor_run_starting``                  the host begins a run with --monitor
``monitor_server_chosen``                 the dashboard's address is known
``monitor_claude_launching``              Claude Code is about to be started
``monitor_claude_exited``                 Claude Code has ended
``monitor_run_ended``                     the host's run is over
========================================  ==============================================
"""

from claude_mpm_monitor.hookspecs.markers import API_VERSION, PROJECT_NAME, hookimpl, hookspec

__all__ = ["API_VERSION", "PROJECT_NAME", "hookimpl", "hookspec"]
