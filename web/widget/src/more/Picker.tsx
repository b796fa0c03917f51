// A tool behind which the system's own way to choose files stands: all of them, or the camera at once.
import { Tool } from './Tool';

interface PickerProps {
  icon: string;
  words: string;
  picked(files: File[]): void;
  multiple?: boolean;
  accept?: string;
  /** Which camera, where there are two; without a camera the system lets one choose a picture. */
  capture?: 'environment';
}

export function Picker({ icon, words, picked, multiple, accept, capture }: PickerProps) {
  let input!: HTMLInputElement;
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        multiple={multiple}
        accept={accept}
        capture={capture}
        aria-label={words}
        onChange={() => {
          picked(Array.from(input.files ?? []));
          // The same file can be picked again.
          input.value = '';
        }}
      />
      <Tool icon={icon} words={words} use={() => input.click()} />
    </>
  );
}
