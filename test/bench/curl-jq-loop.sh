#!/usr/bin/env bash
# What people write by hand: one page after another, to CSV.
url=$1 token=$2
for ((page = 1; ; page++)); do
  answer=$(curl -s "$url/inbox/users" -H "Authorization: Bearer $token" -H 'authtype: Key' \
    -H 'Content-Type: application/json' \
    -d "{\"applicableFilters\":[],\"isContact\":true,\"isExport\":\"none\",\"page\":$page}")
  [ "$(jq '.data | length' <<<"$answer")" -eq 0 ] && break
  jq -r '.data[] | [._id, .status, .createdAt] | @csv' <<<"$answer"
done
