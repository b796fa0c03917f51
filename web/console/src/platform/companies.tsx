// The platform's companies, each described as things are: how they are listed, made, changed.
import type { Field } from '../admin/fields';
import { bdi, lines, text } from '../admin/kinds';
import type { Kind } from '../admin/things';
import type { Office } from '../desk/office';
import { asRefusal } from '../refusal';
import { t } from '../text/say';
import { Link } from '../view/link';
import { Icon } from '../view/parts';

export interface PlatformCompany {
  id: string;
  name: string;
  private_files: boolean;
  origins: string[];
}

export function companies(office: Office): Kind<PlatformCompany> {
  return {
    title: 'companies',
    about: 'companies_about',
    empty: 'companies_empty',
    make: 'companies_make',
    id: ({ id }) => id,
    name: ({ name, id }) => name || id,
    load: () => office.rest.all<PlatformCompany>('/companies'),
    columns: [
      { title: 'companies_name', cell: ({ name, id }) => bdi(name || id) },
      { title: 'companies_id', cell: ({ id }) => bdi(id), class: 'soft' },
      { title: 'set_origins', cell: ({ origins }) => (origins.length > 0 ? bdi(origins.join(', ')) : t('companies_any_origin')), class: 'soft wide' },
      { title: 'companies_files', cell: ({ private_files }) => t(private_files ? 'companies_private' : 'companies_public'), class: 'soft' },
    ],
    fields: (company) => [
      ...(company ? [] : [{ name: 'id', label: t('companies_id'), hint: 'companies_id_hint', kind: 'text', max: 64, required: true, mono: true } satisfies Field]),
      { name: 'name', label: t('companies_name'), hint: 'companies_name_hint', kind: 'text', max: 200, required: true },
      { name: 'private_files', label: t('set_private_files'), kind: 'switch' },
      { name: 'origins', label: t('set_origins'), hint: 'set_origins_hint', kind: 'area', mono: true },
      ...(company ? [] : OWNER()),
    ],
    draft: (company) => ({ id: '', name: company?.name ?? '', private_files: company?.private_files ?? false, origins: company?.origins.join('\n') ?? '', login: '', nick: '', password: '' }),
    async save(company, draft) {
      const said = { name: text(draft, 'name'), private_files: draft.private_files === true, origins: lines(draft.origins) };
      if (company) await office.rest.of(company.id).send('PATCH', '/company', said);
      else {
        const owner = { login: text(draft, 'login'), nick: text(draft, 'nick'), password: String(draft.password) };
        await office.rest.send('POST', '/companies', { id: text(draft, 'id'), ...said, owner }).catch((thrown: unknown) => {
          throw asRefusal(thrown).errcode === 4009 ? { errcode: 4002, errmsg: t('companies_taken') } : thrown;
        });
      }
      return undefined;
    },
    mayWrite: () => true,
    more: ({ id }) => (
      <Link to={{ section: 'platform', of: id }} class="btn to-company">
        <Icon name="sliders" />
        {t('companies_settings')}
      </Link>
    ),
  };
}

const OWNER = (): Field[] => [
  { name: 'login', label: t('companies_owner_login'), hint: 'agents_login_hint', kind: 'text', max: 64, required: true },
  { name: 'nick', label: t('companies_owner_nick'), hint: 'companies_owner_nick_hint', kind: 'text', max: 200 },
  { name: 'password', label: t('companies_owner_password'), hint: 'agents_password_hint', kind: 'password', max: 200, required: true },
];
