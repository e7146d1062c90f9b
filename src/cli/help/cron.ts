/** Each example was tried with nothing but PATH in the environment. */
export const cronText = () => `Running from cron and systemd

A run that goes well says nothing, so cron sends mail only when something is
wrong. cron knows hardly any PATH: name one that node is in, and the full path
of reekolect (command -v node reekolect tells). The token comes from
reekolect auth login, run once as the same user, or from a file:

  MAILTO=you@example.com
  PATH=/usr/local/bin:/usr/bin:/bin
  REEKOLECT_TOKEN_FILE=/home/you/.reekolect-token

Every night, a whole file with its date, and counts and checksum beside it.
A % ends the command in a crontab: {date} in -o needs none.

  15 2 * * *  /usr/local/bin/reekolect contacts export --manifest -o "/home/you/contacts-{date}.csv"

Every quarter of an hour, what is new, added to one file. The mark of the job
moves only when the file is written; nobody is left out or there twice:

  */15 * * * *  /usr/local/bin/reekolect contacts export --since-last leads --append --skip-empty -q -o /home/you/leads.csv

For what must be acted on within a minute, reekolect contacts watch --job NAME
--exec CMD, as a service that is kept running, hands each new contact on at
once; cron and --since-last are for files, and for what may wait.

Runs do not get into each other's way: a second one on the same file ends at
once with exit 75, and an error. To hear of every failure but that one:

  */15 * * * *  out=$(/usr/local/bin/reekolect contacts export --resume --manifest -o /home/you/all.csv 2>&1) || [ $? -eq 75 ] || echo "$out"

Before a file is used elsewhere, see that it is the one that was written:

  sum=$(jq -r .sha256 all.csv.manifest.json)
  echo "$sum  all.csv" | sha256sum --check --quiet

With systemd, ~/.config/systemd/user/reekolect.service:

  [Unit]
  Description=Export Reekolect contacts
  [Service]
  Type=oneshot
  Environment=PATH=/usr/local/bin:/usr/bin:/bin
  Environment=REEKOLECT_TOKEN_FILE=%h/.reekolect-token
  ExecStart=/usr/local/bin/reekolect contacts export --manifest -o %h/contacts.csv
  SuccessExitStatus=75

and reekolect.timer beside it:

  [Unit]
  Description=Export Reekolect contacts every night
  [Timer]
  OnCalendar=*-*-* 02:15
  Persistent=true
  [Install]
  WantedBy=timers.target

  systemctl --user enable --now reekolect.timer`;
