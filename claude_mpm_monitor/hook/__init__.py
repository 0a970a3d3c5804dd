"""The command hook: programs Claude Code starts for one event each. They import nothing of ours.

``emit.sh`` is the one to use; ``emit.py`` does the same where there is no bash. Both are called as

    emit.sh PORT SPOOL          deliver to the monitor listening on PORT
    emit.sh RUNTIME_FILE SPOOL  deliver to the monitor described in RUNTIME_FILE (monitor.json)

with the event, a JSON object, on standard input. They deliver it by one POST and, when nobody
takes it within a second, leave it as a file in the folder SPOOL. They print nothing, because
Claude Code would write it into the transcript, and always exit with 0.

The spool is bounded (256 MB): once it is full, events are given up, and counted in the file
SPOOL/full, a byte each. Claude Code's transcripts still have them.

The second form is for hooks that are installed for good. It does nothing when the variable
``CLAUDE_MPM_MONITOR_RUN`` is set: that run has hooks of its own.
"""
