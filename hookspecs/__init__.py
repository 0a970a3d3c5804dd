"""Every hook a plugin can implement, and the markers to do it with.

A hook called ``monitor_register_…`` returns things of one kind, once, when a monitor is created;
the monitor then runs each of them on the thread its specification names, under a guard of its own.

========================================  ==============================================
hook                                      purpose
========================================  ==============================================
``monitor_register_settings``             what the user may choose, in plugins.toml
``monitor_started``                       the monitor listens and stores
``monitor_stopping``                      the monitor is about to stop
``monitor_register_decoders``             understand further kinds of deliveries
``monitor_register_redactors``            hide secrets before anything is stored
``monitor_register_enrichers``            complete events before they are stored
``monitor_register_analyzers``            turn events into documents
``monitor_register_prices``               tell what models cost
``monitor_register_rules``                notice when somebody should know
``monitor_register_sinks``                tell somebody
``monitor_register_exporters``            write sessions in other formats
``monitor_register_importers``            read further files for mpm-monitor import
``monitor_register_widgets``              add to the dashboard
``monitor_register_themes``               give the dashboard other looks
``monitor_register_reports``              answer questions about sessions, on demand
``monitor_register_metrics``              tell figures to programs that collect them
``monitor_register_chores``               do something now and then
``monitor_register_routes``               answer requests
``monitor_register_messages``             answer over Socket.IO
``monitor_register_commands``             add commands to mpm-monitor
``monitor_run_starting``                  the host begins a run with --monitor
``monitor_server_chosen``                 the dashboard's address is known
``monitor_claude_launching``              Claude Code is about to be started
``monitor_claude_exited``                 Claude Code has ended
``monitor_run_ended``                     the host's run is over
========================================  ==============================================
"""

from claude_mpm_monitor.hookspecs import (
    alerting,
    analysis,
    dashboard,
    export,
    ingest,
    interface,
    lifecycle,
    reports,
    run,
)
from claude_mpm_monitor.hookspecs.markers import API_VERSION, PROJECT_NAME, hookimpl, hookspec

#: The modules that hold the specifications, in reading order.
SPECIFICATIONS = (lifecycle, ingest, analysis, alerting, export, dashboard, reports, interface, run)

__all__ = ["API_VERSION", "PROJECT_NAME", "SPECIFICATIONS", "hookimpl", "hookspec"]
