// A firewall rule that swallows what goes to a port of this machine and what comes from it, without a word to either side. Needs root and iptables.
import { execFileSync } from 'node:child_process';

const rules = new Set();

/** Whether this machine lets us; why not, as a sentence, else undefined. */
export function whyNoFirewall() {
  if (process.getuid() !== 0) return 'only root may set firewall rules';
  try {
    iptables('--list', 'OUTPUT');
  } catch (cause) {
    return `iptables does not work here: ${cause.message.split('\n')[0]}`;
  }
}

/** From now on nothing passes; answers the function that lets everything pass again. */
export function swallow(port) {
  const ours = ['--dport', '--sport'].map((side) => ['OUTPUT', '--out-interface', 'lo', '--protocol', 'tcp', side, `${port}`, '--jump', 'DROP']);
  for (const rule of ours) {
    iptables('--insert', ...rule);
    rules.add(rule);
  }
  return () => ours.forEach(remove);
}

function remove(rule) {
  if (rules.delete(rule)) iptables('--delete', ...rule);
}

function iptables(...args) {
  execFileSync('/usr/sbin/iptables', ['--wait', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

// No rule of a test outlives it.
process.on('exit', () => rules.forEach(remove));
