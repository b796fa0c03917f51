// Sends /docs/ on to the language that was chosen last, or that the browser asks for.
import { keptLanguage } from './kept';

const chinese = navigator.language.toLowerCase().startsWith('zh');
location.replace(`${keptLanguage() ?? (chinese ? 'zh' : 'en')}/index.html`);
