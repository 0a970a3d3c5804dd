"""What claude-mpm's own clients expect of a monitor: its routes, its events, its dashboard."""

from claude_mpm_monitor.server.host_contract.contract import HostContract

__all__ = ["HostContract"]
