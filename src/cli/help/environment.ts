/** What the tool reads from the environment. */
export const environmentVariables = {
  REEKOLECT_TOKEN: 'the token',
  REEKOLECT_TOKEN_FILE: 'a file that holds the token and nothing else',
  REEKOLECT_API_URL: "the service's address, as --api-url",
  REEKOLECT_PROFILE: 'the profile, as --profile',
  REEKOLECT_CONFIG_DIR: 'the folder of the settings and of what jobs remember',
  NO_COLOR: 'no colours, whatever it holds',
  FORCE_COLOR: 'colours even off a terminal: 1, 2 or 3; 0 for none',
  CI: 'set: nobody looks, no progress is drawn',
  TERM: 'dumb: no colours and no progress',
  HTTPS_PROXY: 'a proxy for https: http://HOST:PORT, https:// or socks5://',
  HTTP_PROXY: 'a proxy for http; only one on this machine is used',
  ALL_PROXY: 'a proxy for both, where the others say nothing',
  NO_PROXY: 'hosts to reach without a proxy, by commas',
  NODE_EXTRA_CA_CERTS: 'a PEM file of certificates to trust as well',
  TZ: 'the zone of dates without one, as --tz',
} as const;
