#!/bin/bash
# Deliver one Claude Code hook event to the monitor, or leave it in the spool: see __init__.py.
# One process without a fork: it stands in the user's way at every event. bash 3.2 and later.

LC_ALL=C # lengths are in bytes
umask 077
port=$1 spool=$2

# Under Node standard input is a socket, which Linux does not open as /dev/stdin; older bash is
# macOS's, which does.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 401)); then
  IFS= read -r -N 2000000000 event
else
  event=$(</dev/stdin)
fi

if [[ $port == */* ]]; then
  [[ -n $CLAUDE_MPM_MONITOR_RUN ]] && exit 0
  runtime='' key='"ingest_port": *([0-9]+)'
  { IFS= read -r -d '' runtime <"$port"; } 2>/dev/null
  [[ $runtime =~ $key ]] && port=${BASH_REMATCH[1]} || port=
fi

at=
if [[ -n $EPOCHREALTIME ]]; then
  at=${EPOCHREALTIME/./}
elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
  printf -v at '%(%s)T000000' -1
fi
# A repeated delivery of the same event is recognised by this.
id=$$-$RANDOM$RANDOM$RANDOM-${at:-$SECONDS}

keep() {
  [[ -d $spool ]] || mkdir -p "$spool"
  # Nobody may come for months. Measured now and then, for that takes a process; from then on every
  # event that is given up is a byte in this file, until a monitor has made room.
  if [[ -e $spool/full ]]; then
    printf . >>"$spool/full"
    return
  fi
  local size=0
  ((RANDOM % 64)) || read -r size _ < <(du -sk "$spool")
  ((size < 262144)) || : >"$spool/full"
  [[ -n $at ]] || at=$(date +%s)000000
  printf '%s %s %d\n%s' "$id" "$at" "${#event}" "$event" >"$spool/$id.ev"
}

# Writing to a server that does not read blocks for good, once the event outgrows the socket's
# buffers: ask first whether somebody is awake.
awake() {
  local line=
  ((${#event} <= 65536)) && return 0
  exec 4<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET /health HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&4
  IFS= read -r -t 1 -u 4 -n 7 line
  [[ $line == HTTP/1. ]]
}

deliver() {
  local line=
  [[ -n $port ]] && awake && exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  # Every line is a packet of its own, and every character read a system call: as few as will do.
  printf 'POST /hooks/claude HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nX-Event-Id: %s\r\nX-Event-At: %s\r\nContent-Length: %d\r\n\r\n%s' \
    "$port" "$id" "$at" "${#event}" "$event" >&3
  IFS= read -r -t 1 -u 3 -n 12 line
  [[ $line == HTTP/1.?\ 204 ]]
}

# A monitor that dies while it is being written to would take the hook along, and the event with it.
trap '' PIPE
# Claude Code ends a hook that takes too long.
trap 'keep; exit 0' TERM HUP INT
{ deliver || keep; } 2>/dev/null
exit 0
