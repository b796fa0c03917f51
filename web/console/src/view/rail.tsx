// The rail: the sections that this agent may open, and the account.
import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { For, Show, type JSX } from 'solid-js';
import type { Bell } from '../bell/bell';
import { sectionsFor } from '../admin/sections';
import { choose, theme, type Theme } from '../look';
import { place } from '../place';
import { language, speak, t, type Key } from '../text/say';
import { useDesk } from './desk-context';
import { Link } from './link';
import { Face, Icon } from './parts';
import { dotOf } from './status';

export function Rail(props: { leave: () => void; bell: Bell }): JSX.Element {
  const { desk, shown } = useDesk();
  const waiting = (): number => shown.parted().toAnswer.length;
  return (
    <nav class="rail" aria-label={t('rail')} data-region="rail">
      <span class="mk" title={desk.directory.company[0]()?.name}>
        <Icon name="chat" size="s" />
      </span>
      <For each={sectionsFor(desk.session.role)}>
        {(section) => (
          <Link to={{ section: section.name }} class="stop" current={place().section === section.name} title={t(section.title)}>
            <Icon name={section.icon} />
            <span class="word">{t(section.title)}</span>
            <Show when={section.name === 'chats' && waiting() > 0}>
              <span class="n">{waiting() > 99 ? '99+' : waiting()}</span>
            </Show>
          </Link>
        )}
      </For>
      <button type="button" class="stop keys" aria-label={t('keys')} title={`${t('keys')} (?)`} onClick={() => shown.sheet[1](true)}>
        <Icon name="keyboard" />
      </button>
      <DropdownMenu placement="right-end" gutter={8} modal={false}>
        <DropdownMenu.Trigger class="me" aria-label={`${t('account')}: ${desk.nick()}`} title={desk.nick()}>
          <Face who="cs" name={desk.nick()} size="md" dot={dotOf(desk.status[0]())} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content class="menu account">
            <div class="who-am-i">
              <bdi class="b cut">{desk.nick()}</bdi>
              <span class="m t12 cut">
                {t(`role_${desk.session.role}` as Key)} · {desk.directory.company[0]()?.name ?? desk.session.companyid}
              </span>
            </div>
            <DropdownMenu.Separator class="sep" />
            <DropdownMenu.RadioGroup value={theme()} onChange={(value) => choose(value as Theme)}>
              <For each={['system', 'light', 'dark'] as const}>{(name) => <RadioItem value={name} label={t(`theme_${name}`)} />}</For>
            </DropdownMenu.RadioGroup>
            <DropdownMenu.Separator class="sep" />
            <DropdownMenu.RadioGroup value={language()} onChange={(value) => speak(value === 'en' ? 'en' : 'zh')}>
              <RadioItem value="zh" label="中文" />
              <RadioItem value="en" label="English" />
            </DropdownMenu.RadioGroup>
            <DropdownMenu.Separator class="sep" />
            <DropdownMenu.Item class="it" onSelect={() => props.bell.setSound(!props.bell.sound[0]())}>
              <Icon name={props.bell.sound[0]() ? 'mute' : 'sound'} size="s" />
              {t(props.bell.sound[0]() ? 'sound_off' : 'sound_on')}
            </DropdownMenu.Item>
            <DropdownMenu.Item class="it" onSelect={() => props.leave()}>
              <Icon name="out" size="s" />
              {t('sign_out')}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu>
    </nav>
  );
}

function RadioItem(props: { value: string; label: string }): JSX.Element {
  return (
    <DropdownMenu.RadioItem class="it" value={props.value} closeOnSelect>
      <span class="tick">
        <DropdownMenu.ItemIndicator>
          <Icon name="check" size="s" />
        </DropdownMenu.ItemIndicator>
      </span>
      {props.label}
    </DropdownMenu.RadioItem>
  );
}
