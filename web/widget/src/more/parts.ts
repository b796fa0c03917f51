// The parts that a page can do without until they are needed, in one piece: fetched when the conversation stands, so that
// they are there when the network is not.
export { Actions } from './Actions';
export { attention } from './attention';
export { Body } from './Body';
export { EndMenu, Queue } from './Consultation';
export { Failed } from './Failed';
export { OrdersButton } from './Orders';
export { Questions } from './Questions';
export { default as Sheets } from './Sheets';
export { Above, Tools } from './Tools';
export { Quoted } from './Quoted';
export { Typing } from './Typing';
export { viewport } from './viewport';
