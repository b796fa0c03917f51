// Opens the visitor's page: its words first, then the page.
import { render } from 'solid-js/web';
import { comeIn, companyOf, SECRETS, withoutSecrets } from './entry';
import { keptFor } from './kept';
import { profileOf } from './profile';
import { chosen, speak } from './text/say';
import { App } from './view/App';
import Nodechat from 'nodechat';
import './page.css';

const { asked, clean } = withoutSecrets(location.href);
history.replaceState(history.state, '', clean);
const company = companyOf(location.pathname);
const kept = keptFor(company, () => localStorage);
const tab = keptFor(company, () => sessionStorage);
const profile = profileOf(company);

void (async () => {
  const language = await chosen(asked.get('lang'), navigator.language, async () => (await profile)?.locale);
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
  render(() => <App company={company} kept={kept} tab={tab} profile={profile} named={SECRETS.some((name) => asked.has(name))} enter={enter} />, document.getElementById('page')!);
})();
