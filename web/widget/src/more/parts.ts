// The parts that a page can do without until they are needed, in one piece: fetched when the conversation stands, so that
// they are there when the network is not.
export { Actions } from './Actions';
export { Banner } from './Banner';
export { begin } from './begin';
export { Body } from './Body';
export { Failed } from './Failed';
export { Menu } from './Menu';
export { Questions } from './Questions';
export { Queue } from './Queue';
export { Quick } from './Quick';
export { default as Sheets } from './Sheets';
export { Above, Tools } from './Tools';
export { Quoted } from './Quoted';
export { Typing } from './Typing';
