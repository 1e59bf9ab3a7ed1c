# Stops the server in the folder $1 when a deadline passes. Each line of the input replaces the
# deadline: milliseconds since the machine started, or nothing for none. Ends with its input, and
# then leaves the server alone.
data=$1 deadline=

now() {
  local up
  read -r up _ </proc/uptime
  now=${up/./}0
}

# What postgres leaves to its children when the postmaster is frozen as well: to die by themselves.
strike() {
  local pid children=
  { read -r pid <"$data/postmaster.pid"; } 2>/dev/null || return
  [[ $pid =~ ^[1-9][0-9]*$ && /proc/$pid/cwd -ef $data ]] || return
  { read -r children <"/proc/$pid/task/$pid/children"; } 2>/dev/null
  echo "the lease has ended and the agent does not act: the server $pid is stopped" >&2
  kill -QUIT "$pid" $children 2>/dev/null
}

while :; do
  if [[ -z $deadline ]]; then
    read -r line || exit 0
  else
    now
    left=$((deadline - now))
    # What was sent in time counts, however late it is read.
    ((left > 0)) || left=1
    printf -v seconds '%d.%03d' $((left / 1000)) $((left % 1000))
    read -r -t "$seconds" line
    status=$?
    if ((status > 128)); then
      now
      ((now < deadline)) || { strike; deadline=; }
      continue
    fi
    ((status == 0)) || exit 0
  fi
  deadline=$line
done
