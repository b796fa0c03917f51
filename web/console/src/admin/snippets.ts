// What is pasted into a site so that the chat is on it. Pure.

export type Way = 'html' | 'react' | 'vue' | 'link' | 'sdk';

export const WAYS: Way[] = ['html', 'react', 'vue', 'link', 'sdk'];

export interface Place {
  /** Origin of the service. */
  server: string;
  company: string;
}

/** Where the visitors' page is. */
export function linkOf({ server, company }: Place): string {
  return `${server}/chat/${encodeURIComponent(company)}`;
}

export function snippet(way: Way, place: Place): string {
  const { server } = place;
  const loader = `${server}/sdk/v1/loader.js`;
  // Letters, digits, `_` and `-`: the same in every quotation.
  const company = place.company;
  const write = {
    html: () => `<script async src="${loader}" data-company="${company}"></script>`,
    react: () => `import { useEffect, useRef } from 'react';

const src = '${loader}';

export function Chat({ token }) {
  const before = useRef(token);
  useEffect(() => {
${inserted('    ')}
    NodechatWidget('boot', { company: '${company}', token });
    if (before.current && !token) NodechatWidget('reset'); // logged out
    before.current = token;
    return () => NodechatWidget('shutdown');
  }, [token]);
  return null;
}`,
    vue: () => `<script setup>
import { onMounted, onUnmounted, watch } from 'vue';

const src = '${loader}';
const props = defineProps({ token: String });

onMounted(() => {
${inserted('  ')}
  NodechatWidget('boot', { company: '${company}', token: props.token });
});
watch(() => props.token, (token, before) => {
  if (token) NodechatWidget('identify', { token });
  else if (before) NodechatWidget('reset'); // logged out
});
onUnmounted(() => NodechatWidget('shutdown'));
</script>

<template></template>`,
    link: () => linkOf(place),
    sdk: () => `<script src="${server}/sdk/v1/nodechat.js"></script>
<script>
  Nodechat.visitor({ server: '${server}', companyid: '${company}' }).then(async ({ ticket }) => {
    const nodechat = new Nodechat({ server: '${server}', atype: 'uweb', ticket });
    nodechat.on('chat', ({ data }) => console.log(data.nick, data.msg));
    const room = await nodechat.join({ companyid: '${company}' });
    await nodechat.send(room.roomid, 'Hello');
  });
</script>`,
  };
  return write[way]();
}

/** Loads the script once, and lets it be called before it is there. */
function inserted(indent: string): string {
  return [
    'window.NodechatWidget ??= function () { (NodechatWidget.q ??= []).push(arguments); };',
    'if (!document.querySelector(`script[src="${src}"]`)) {',
    "  document.head.append(Object.assign(document.createElement('script'), { src, async: true }));",
    '}',
  ]
    .map((line) => indent + line)
    .join('\n');
}
