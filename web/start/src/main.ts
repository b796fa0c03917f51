// The entry of the start page.
export {};
