# Starts the processes of a rehearsal and ends them all, with their folder, when its standard input
# closes: after a success, a failure, Ctrl-C or a crash of the command alike.
#
# Reads one line per process, shell-quoted words: the name of its log, then the program and its
# arguments (NAME=value before them sets its environment). Answers each line with a process id.
# Its own children are all that it ever signals.
folder=$1
trap '' HUP INT TERM
cd "$folder" || exit 1

while IFS= read -r line; do
  eval "set -- $line"
  log=$1
  shift
  (
    trap - HUP INT TERM
    exec env "$@" > "logs/$log.log" 2>&1 < /dev/null
  ) &
  echo "$!"
done

# Bash would report each process that has to be killed.
exec 2> /dev/null
running() { jobs -rp; }
kill $(running)
for _ in {1..20}; do
  [ -z "$(running)" ] && break
  sleep 0.1
done
kill -KILL $(running)
wait
# kube-controller-manager's host-path provisioner makes its (always empty) folders here.
find /tmp/hostpath_pv -mindepth 1 -maxdepth 1 -type d -empty -newer logs -delete
rmdir /tmp/hostpath_pv
cd / && chmod -R u+rwX "$folder" && rm -rf "$folder"
