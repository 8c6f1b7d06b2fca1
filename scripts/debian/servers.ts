/** Servers as Debian ships them, each with the load that fits it; every file of theirs lies in a folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One server and how it is soaked. */
export interface DebianServer {
  readonly name: string;
  /** Programs that must be installed. */
  readonly programs: readonly string[];
  /** Writes what it needs into the folder and returns the flags of `leak-soak run`. */
  prepare(folder: string, port: number): readonly string[];
}

/** Questions for dnsperf: more names than the caches below hold. */
const NAMES = 50_000;
const QUERIES_PER_SEC = 1_000;
const ZONE = 'soak.test';

function dnsperf(folder: string, port: number): readonly string[] {
  const names = join(folder, 'names.txt');
  writeFileSync(names, Array.from({ length: NAMES }, (_, i) => `n${i}.${ZONE} A\n`).join(''));
  const load = `dnsperf -s 127.0.0.1 -p ${port} -d '${names}' -Q ${QUERIES_PER_SEC} -c 4 -l 86400`;
  return ['--dns', `127.0.0.1:${port}`, '--load-command', load];
}

const unbound: DebianServer = {
  name: 'unbound',
  programs: ['unbound', 'dnsperf'],
  prepare(folder, port) {
    const config = join(folder, 'unbound.conf');
    writeFileSync(
      config,
      `server:
  interface: 127.0.0.1
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  local-zone: "${ZONE}." redirect
  local-data: "${ZONE}. 60 IN A 192.0.2.1"
remote-control:
  control-enable: no
`,
    );
    return ['--command', `unbound -d -c '${config}'`, ...dnsperf(folder, port)];
  },
};

const dnsmasq: DebianServer = {
  name: 'dnsmasq',
  programs: ['dnsmasq', 'dnsperf'],
  prepare(folder, port) {
    const here = `-p ${port} --listen-address=127.0.0.1 --bind-interfaces --user= --conf-file=/dev/null`;
    const command = `dnsmasq -k ${here} --no-resolv --no-hosts --address=/${ZONE}/192.0.2.1`;
    return ['--command', command, ...dnsperf(folder, port)];
  },
};

const nginx: DebianServer = {
  name: 'nginx',
  programs: ['nginx'],
  prepare(folder, port) {
    const config = join(folder, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    writeFileSync(
      config,
      `worker_processes 2;
daemon off;
pid "${folder}/nginx.pid";
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path "${folder}/${name}";`).join('\n')}
  server { listen 127.0.0.1:${port}; location / { return 200 "served"; } }
}
`,
    );
    const command = `nginx -p '${folder}' -c '${config}'`;
    return ['--command', command, '--http', `http://127.0.0.1:${port}/{n}`, '--rate', '500'];
  },
};

/** Evicts from the first half minute on: its values are three times what it may hold. */
const redis: DebianServer = {
  name: 'redis-server',
  programs: ['redis-server', 'redis-benchmark'],
  prepare(folder, port) {
    const memory = "--maxmemory 32mb --maxmemory-policy allkeys-lru --save '' --appendonly no";
    const command = `redis-server --port ${port} --bind 127.0.0.1 --dir '${folder}' ${memory}`;
    const load = `redis-benchmark -p ${port} -c 10 -l -q -r 1000000 -n 100000 -d 100 -t set,get`;
    return ['--command', command, '--tcp', `127.0.0.1:${port}`, '--load-command', load];
  },
};

export const DEBIAN_SERVERS: readonly DebianServer[] = [unbound, dnsmasq, nginx, redis];
