// What kinds of things a company has, each described: how it is listed, asked for, saved.
import type { JSX } from 'solid-js';
import type { Office } from '../desk/office';
import type { CannedReply, Colleague, Group } from '../desk/wire';
import { mayAs, type Role } from '../session/session';
import { t, type Key } from '../text/say';
import { moment } from '../times';
import { Deliveries } from './deliveries';
import type { Draft } from './fields';
import type { Kind } from './things';

interface Agent extends Colleague {
  login?: string;
  created: number;
}

export const bdi = (text: string): JSX.Element => <bdi>{text}</bdi>;
export const text = (draft: Draft, name: string): string => String(draft[name] ?? '').trim();
export const lines = (value: unknown): string[] => String(value ?? '').split('\n').map((line) => line.trim()).filter(Boolean);

export function agents(office: Office): Kind<Agent> {
  const roles: Role[] = (['agent', 'supervisor', 'admin', 'owner'] as Role[]).filter((role) => mayAs(office.session.role, role));
  const admin = office.may('admin');
  return {
    title: 'agents',
    about: 'agents_about',
    empty: 'agents_empty',
    make: 'agents_make',
    id: ({ aid }) => aid,
    name: ({ nick }) => nick,
    load: () => office.rest.all<Agent>('/agents'),
    columns: [
      { title: 'agents_nick', cell: ({ nick }) => bdi(nick) },
      { title: 'agents_role', cell: ({ role }) => t(`role_${role}` as Key) },
      { title: 'agents_login', cell: ({ login }) => (login ? bdi(login) : t('agents_by_token')), class: 'soft' },
      { title: 'agents_cap', cell: ({ cap }) => cap ?? t('as_company'), class: 'num' },
      { title: 'agents_state', cell: ({ active }) => t(active ? 'state_active' : 'state_inactive'), class: 'soft' },
    ],
    fields: (agent) => [
      { name: 'nick', label: t('agents_nick'), hint: 'agents_nick_hint', kind: 'text', max: 200, required: true },
      ...(agent && !agent.login ? [] : [{ name: 'login', label: t('agents_login'), hint: 'agents_login_hint' as Key, kind: 'text' as const, max: 64, required: true }]),
      ...(agent ? [] : [{ name: 'password', label: t('sign_in_password'), hint: 'agents_password_hint' as Key, kind: 'password' as const, max: 200, required: true }]),
      { name: 'role', label: t('agents_role'), kind: 'choice', options: () => roles.map((role) => ({ value: role, label: t(`role_${role}` as Key) })) },
      { name: 'cap', label: t('agents_cap'), hint: 'agents_cap_hint', kind: 'number' },
      ...(agent ? [{ name: 'active', label: t('agents_active'), hint: 'agents_active_hint' as Key, kind: 'switch' as const }] : []),
      ...(agent?.login ? [{ name: 'password', label: t('agents_new_password'), hint: 'agents_new_password_hint' as Key, kind: 'password' as const, max: 200 }] : []),
    ],
    draft: (agent) => ({ nick: agent?.nick ?? '', login: agent?.login ?? '', password: '', role: agent?.role ?? 'agent', cap: agent?.cap ?? '', active: agent?.active ?? true }),
    async save(agent, draft) {
      const said = { nick: text(draft, 'nick'), role: text(draft, 'role'), ...(text(draft, 'login') && { login: text(draft, 'login') }), cap: draft.cap === '' ? null : Number(draft.cap) };
      if (!agent) await office.rest.send('POST', '/agents', { ...said, password: String(draft.password) });
      else {
        const path = `/agents/${encodeURIComponent(agent.aid)}`;
        await office.rest.send('PATCH', path, { ...said, active: draft.active === true });
        if (draft.password) await office.rest.send('PUT', `${path}/password`, { new: String(draft.password) });
      }
      await office.directory.loadColleagues();
      return undefined;
    },
    // One's own role and state are for somebody else to change.
    mayWrite: (agent) => admin && (!agent || mayAs(office.session.role, agent.role as Role)),
  };
}

export function groups(office: Office): Kind<Group & { fallback?: string | null }> {
  const admin = office.may('admin');
  return {
    title: 'groups',
    about: 'groups_about',
    empty: 'groups_empty',
    make: 'groups_make',
    id: ({ id }) => id,
    name: ({ name }) => name,
    load: async () => (await office.rest.page<Group>('/groups')).data,
    columns: [
      { title: 'groups_name', cell: ({ name }) => bdi(name) },
      { title: 'groups_members', cell: ({ members }) => bdi(members.map((aid) => office.directory.nick(aid)).join(', ')), class: 'soft' },
      { title: 'groups_count', cell: ({ members }) => members.length, class: 'num' },
    ],
    fields: (group) => [
      { name: 'name', label: t('groups_name'), hint: 'groups_name_hint', kind: 'text', max: 200, required: true },
      { name: 'members', label: t('groups_members'), kind: 'many', options: () => office.directory.colleagues[0]().filter(({ active }) => active).map(({ aid, nick }) => ({ value: aid, label: nick })) },
      {
        name: 'fallback',
        label: t('groups_fallback'),
        hint: 'groups_fallback_hint',
        kind: 'choice',
        options: () => [{ value: '', label: t('groups_no_fallback') }, ...office.directory.groups[0]().filter(({ id }) => id !== group?.id).map(({ id, name }) => ({ value: id, label: name }))],
      },
    ],
    draft: (group) => ({ name: group?.name ?? '', members: group?.members ?? [], fallback: group?.fallback ?? '' }),
    async save(group, draft) {
      const said = { name: text(draft, 'name'), members: draft.members as string[], fallback: text(draft, 'fallback') || null };
      await office.rest.send(group ? 'PUT' : 'POST', group ? `/groups/${group.id}` : '/groups', said);
      await office.directory.loadGroups();
      return undefined;
    },
    async remove(group) {
      await office.rest.send('DELETE', `/groups/${group.id}`);
      await office.directory.loadGroups();
    },
    mayWrite: () => admin,
  };
}

export function replies(office: Office): Kind<CannedReply> {
  const forAll = office.may('supervisor');
  return {
    title: 'canned',
    about: 'replies_about',
    empty: 'replies_empty',
    make: 'replies_make',
    id: ({ id }) => id,
    name: ({ shortcut }) => `/${shortcut}`,
    load: () => office.rest.all<CannedReply>('/canned-replies'),
    columns: [
      { title: 'replies_shortcut', cell: ({ shortcut }) => bdi(`/${shortcut}`) },
      { title: 'replies_title', cell: ({ title }) => bdi(title) },
      { title: 'replies_text', cell: (reply) => <bdi class="one-line">{reply.text}</bdi>, class: 'soft wide' },
      { title: 'replies_whose', cell: ({ personal }) => t(personal ? 'replies_mine' : 'replies_everybody'), class: 'soft' },
    ],
    fields: (reply) => [
      { name: 'shortcut', label: t('replies_shortcut'), hint: 'replies_shortcut_hint', kind: 'text', max: 32, required: true },
      { name: 'title', label: t('replies_title'), kind: 'text', max: 200 },
      { name: 'text', label: t('replies_text'), hint: 'replies_text_hint', kind: 'area', max: 4_000, required: true },
      ...(reply || !forAll || !office.session.aid ? [] : [{ name: 'personal', label: t('replies_personal'), kind: 'switch' as const }]),
    ],
    draft: (reply) => ({ shortcut: reply?.shortcut ?? '', title: reply?.title ?? '', text: reply?.text ?? '', personal: reply?.personal ?? !forAll }),
    async save(reply, draft) {
      const said = { shortcut: text(draft, 'shortcut').replace(/^\//, ''), title: text(draft, 'title'), text: String(draft.text) };
      if (reply) await office.rest.send('PUT', `/canned-replies/${reply.id}`, said);
      else await office.rest.send('POST', '/canned-replies', { ...said, personal: draft.personal === true });
      await office.directory.loadReplies();
      return undefined;
    },
    async remove(reply) {
      await office.rest.send('DELETE', `/canned-replies/${reply.id}`);
      await office.directory.loadReplies();
    },
    mayWrite: (reply) => !reply || reply.personal || forAll,
  };
}

interface Ban {
  id: string;
  aid?: string | null;
  ip?: string | null;
  reason: string;
  since: number;
  expires?: number | null;
}

const DAY_MS = 86_400_000;

export function blacklist(office: Office): Kind<Ban> {
  return {
    title: 'bans',
    about: 'bans_about',
    empty: 'bans_empty',
    make: 'bans_make',
    id: ({ id }) => id,
    name: ({ aid, ip }) => aid ?? ip ?? '',
    load: () => office.rest.all<Ban>('/blacklist'),
    columns: [
      { title: 'bans_who', cell: ({ aid, ip }) => bdi(aid ?? ip ?? '') },
      { title: 'bans_reason', cell: ({ reason }) => bdi(reason), class: 'soft wide' },
      { title: 'bans_since', cell: ({ since }) => moment(since), class: 'soft' },
      { title: 'bans_until', cell: ({ expires }) => (expires ? moment(expires) : t('bans_for_ever')), class: 'soft' },
    ],
    fields: (ban) => [
      ...(ban
        ? []
        : [
            { name: 'by', label: t('bans_by'), kind: 'choice' as const, options: () => [{ value: 'aid', label: t('bans_by_id') }, { value: 'ip', label: t('bans_by_ip') }] },
            { name: 'who', label: t('bans_who'), hint: 'bans_who_hint' as Key, kind: 'text' as const, max: 200, required: true },
          ]),
      { name: 'reason', label: t('bans_reason'), kind: 'area', max: 500 },
      { name: 'days', label: t('bans_days'), hint: 'bans_days_hint', kind: 'number' },
    ],
    draft: (ban) => ({ by: 'aid', who: '', reason: ban?.reason ?? '', days: ban?.expires ? Math.max(1, Math.ceil((ban.expires - Date.now()) / DAY_MS)) : '' }),
    async save(ban, draft) {
      const expires = draft.days === '' ? null : Date.now() + Number(draft.days) * DAY_MS;
      const said = { reason: text(draft, 'reason'), expires };
      if (ban) await office.rest.send('PUT', `/blacklist/${ban.id}`, said);
      else await office.rest.send('POST', '/blacklist', { ...said, [text(draft, 'by')]: text(draft, 'who') });
      return undefined;
    },
    remove: (ban) => office.rest.send('DELETE', `/blacklist/${ban.id}`),
    mayWrite: () => office.may('supervisor'),
  };
}

interface Key_ {
  id: string;
  name: string;
  scopes: string[];
  created: number;
  last_used?: number | null;
}

const NOUNS = ['company', 'agents', 'groups', 'kinds', 'orders', 'visitors', 'messages', 'questions', 'replies', 'blacklist', 'words', 'bot', 'stats', 'exports', 'keys', 'webhooks', 'persons', 'audit', 'tokens'];

export function keys(office: Office): Kind<Key_> {
  return {
    title: 'api_keys',
    about: 'api_keys_about',
    empty: 'api_keys_empty',
    make: 'api_keys_make',
    id: ({ id }) => id,
    name: ({ name }) => name || t('api_keys_nameless'),
    load: async () => (await office.rest.page<Key_>('/api-keys')).data,
    columns: [
      { title: 'api_keys_name', cell: ({ name }) => bdi(name || t('api_keys_nameless')) },
      { title: 'api_keys_scopes', cell: ({ scopes }) => <span class="one-line mono">{scopes.join(' ')}</span>, class: 'soft wide' },
      { title: 'api_keys_used', cell: ({ last_used }) => (last_used ? moment(last_used) : t('never')), class: 'soft' },
    ],
    fields: (key) =>
      key
        ? []
        : [
            { name: 'name', label: t('api_keys_name'), hint: 'api_keys_name_hint', kind: 'text', max: 200, required: true },
            { name: 'all', label: t('api_keys_all'), kind: 'switch' },
            {
              name: 'scopes',
              label: t('api_keys_scopes'),
              kind: 'many',
              when: ({ all }) => all !== true,
              options: () => NOUNS.flatMap((noun) => (noun === 'tokens' ? ['tokens:write'] : [`${noun}:read`, `${noun}:write`])).map((scope) => ({ value: scope, label: scope })),
            },
          ],
    draft: () => ({ name: '', all: false, scopes: [] }),
    async save(_, draft) {
      const scopes = draft.all === true ? ['all'] : (draft.scopes as string[]);
      return (await office.rest.send<{ secret: string }>('POST', '/api-keys', { name: text(draft, 'name'), scopes })).secret;
    },
    remove: (key) => office.rest.send('DELETE', `/api-keys/${key.id}`),
    mayWrite: () => office.may('admin'),
  };
}

interface Hook {
  id: string;
  url: string;
  events: string[];
  on: boolean;
  off_because?: string | null;
  failing_since?: number | null;
  secret?: string | null;
}

const TOPICS = ['message', 'consultation', 'assignment', 'rating', 'order', 'status'];

export function webhooks(office: Office): Kind<Hook> {
  return {
    title: 'hooks',
    about: 'hooks_about',
    empty: 'hooks_empty',
    make: 'hooks_make',
    id: ({ id }) => id,
    name: ({ url }) => url,
    load: async () => (await office.rest.page<Hook>('/webhooks')).data,
    columns: [
      { title: 'hooks_url', cell: ({ url }) => <bdi class="one-line mono">{url}</bdi> },
      { title: 'hooks_events', cell: ({ events }) => events.map((topic) => t(`topic_${topic}` as Key)).join(', '), class: 'soft wide' },
      { title: 'hooks_state', cell: ({ on, failing_since }) => (failing_since ? <span class="bad">{t('hooks_failing')}</span> : t(on ? 'state_on' : 'state_off')), class: 'soft' },
    ],
    fields: (hook) => [
      { name: 'url', label: t('hooks_url'), hint: 'hooks_url_hint', kind: 'text', max: 2_000, required: true, mono: true },
      { name: 'events', label: t('hooks_events'), kind: 'many', options: () => TOPICS.map((topic) => ({ value: topic, label: t(`topic_${topic}` as Key) })) },
      ...(hook ? [{ name: 'on', label: t('hooks_on'), kind: 'switch' as const }] : []),
    ],
    draft: (hook) => ({ url: hook?.url ?? '', events: hook?.events ?? ['message'], on: hook?.on ?? true }),
    async save(hook, draft) {
      const said = { url: text(draft, 'url'), events: draft.events as string[] };
      if (hook) return void (await office.rest.send('PATCH', `/webhooks/${hook.id}`, { ...said, on: draft.on === true }));
      return (await office.rest.send<Hook>('POST', '/webhooks', said)).secret ?? undefined;
    },
    remove: (hook) => office.rest.send('DELETE', `/webhooks/${hook.id}`),
    mayWrite: () => office.may('admin'),
    more: (hook) => <Deliveries hook={hook} />,
  };
}

interface Word {
  word: string;
  treatment: string;
}

export function words(office: Office): Kind<Word> {
  const treatments = ['refuse', 'mask'];
  return {
    title: 'words',
    about: 'words_about',
    empty: 'words_empty',
    make: 'words_make',
    id: ({ word }) => word,
    name: ({ word }) => word,
    load: () => office.rest.all<Word>('/sensitive-words'),
    columns: [
      { title: 'words_word', cell: ({ word }) => bdi(word) },
      { title: 'words_treatment', cell: ({ treatment }) => (treatments.includes(treatment) ? t(`words_${treatment}` as Key) : treatment), class: 'soft' },
    ],
    fields: (word) => [
      ...(word ? [] : [{ name: 'words', label: t('words_words'), hint: 'words_words_hint' as Key, kind: 'area' as const, required: true }]),
      { name: 'treatment', label: t('words_treatment'), kind: 'choice', options: () => treatments.map((name) => ({ value: name, label: t(`words_${name}` as Key) })) },
    ],
    draft: (word) => ({ words: word?.word ?? '', treatment: word?.treatment ?? 'mask' }),
    async save(word, draft) {
      const treatment = text(draft, 'treatment');
      await office.rest.send('PUT', '/sensitive-words', { words: (word ? [word.word] : lines(draft.words)).map((one) => ({ word: one, treatment })) });
      return undefined;
    },
    remove: ({ word }) => office.rest.send('DELETE', `/sensitive-words/${encodeURIComponent(word)}`),
    mayWrite: () => office.may('admin'),
  };
}

interface OrderKind {
  key: string;
  text: string;
  place: number;
}

export function orderKinds(office: Office): Kind<OrderKind> {
  return {
    title: 'order_kinds',
    about: 'order_kinds_about',
    empty: 'order_kinds_empty',
    make: 'order_kinds_make',
    id: ({ key }) => key,
    name: ({ text }) => text,
    load: async () => (await office.rest.page<OrderKind>('/work-order-kinds')).data,
    columns: [
      { title: 'order_kinds_text', cell: ({ text }) => bdi(text) },
      { title: 'order_kinds_key', cell: ({ key }) => <bdi class="one-line mono">{key}</bdi>, class: 'soft wide' },
      { title: 'questions_order', cell: ({ place }) => place, class: 'num' },
    ],
    fields: (kind) => [
      { name: 'text', label: t('order_kinds_text'), hint: 'order_kinds_text_hint', kind: 'text', max: 200, required: true },
      ...(kind ? [] : [{ name: 'key', label: t('order_kinds_key'), hint: 'order_kinds_key_hint' as Key, kind: 'text' as const, max: 64, mono: true }]),
      { name: 'place', label: t('questions_order'), hint: 'questions_order_hint', kind: 'number' },
    ],
    draft: (kind) => ({ text: kind?.text ?? '', key: '', place: kind?.place ?? 0 }),
    async save(kind, draft) {
      const key = kind?.key ?? (text(draft, 'key') || text(draft, 'text').slice(0, 64));
      await office.rest.send('PUT', `/work-order-kinds/${encodeURIComponent(key)}`, { text: text(draft, 'text'), place: Number(draft.place) || 0 });
      return undefined;
    },
    remove: ({ key }) => office.rest.send('DELETE', `/work-order-kinds/${encodeURIComponent(key)}`),
    mayWrite: () => office.may('admin'),
  };
}
