#!/bin/bash
# healthy.sh HOST:PORT PATH [TEXT]: whether PATH answers 200, with a line that begins with TEXT. A health check runs every few seconds in each
# container: the shell's own sockets cost a hundredth of a start of Node.
set -u
IFS=: read -r host port <<< "$1"
exec 3<> "/dev/tcp/$host/$port" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ] || exit 1
[ $# -lt 3 ] && exit 0
while IFS= read -r -t 4 line <&3; do
  case "$line" in "$3"*) exit 0 ;; esac
done
exit 1
