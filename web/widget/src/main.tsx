// Opens the visitor's page: its words first, then the page.
import { render } from 'solid-js/web';
import { comeIn, companyOf, SECRETS, withoutSecrets } from './entry';
import { keptFor } from './kept';
import { profileOf, type Profile } from './profile';
import { chosen, speak } from './text/say';
import { App } from './view/App';
import Nodechat from 'nodechat';
import './page.css';

const { asked, clean } = withoutSecrets(location.href);
history.replaceState(history.state, '', clean);
const company = companyOf(location.pathname);
const kept = keptFor(company, () => localStorage);
const tab = keptFor(company, () => sessionStorage);
// Inside of a host's page it is asked for once it is known whose that is; before that only for its language, where that decides.
const profile = asked.has('embed') ? undefined : profileOf(company);

void (async () => {
  const language = await chosen(asked.get('lang'), navigator.language, async () => (await (profile ?? profileOf(company)))?.locale);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  const { default: words } = await (language === 'zh' ? import('texts:zh') : import('texts:en'));
  speak(words, language);
  const enter = () =>
    comeIn({
      company,
      asked,
      kept,
      tab,
      redeem: (token) => Nodechat.ticket({ token }),
      visit: (visitor) => Nodechat.visitor({ companyid: company, visitor }),
    });
  const show = (its: Promise<Profile | undefined>) => render(() => <App company={company} kept={kept} tab={tab} profile={its} named={SECRETS.some((name) => asked.has(name))} enter={enter} />, document.getElementById('page')!);
  if (profile) show(profile);
  else void import('./embed/embed').then(({ embed }) => embed({ company, kept, tab, show }));
})();
