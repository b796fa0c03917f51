// Starts the console.
import { render } from 'solid-js/web';
import '../../ui/tokens.css';
import '../../ui/parts.css';
import './style/index.css';
import { App } from './view/app';

const root = document.getElementById('console');
if (!root) throw new Error('the page has no place for the console');
render(() => <App />, root);
