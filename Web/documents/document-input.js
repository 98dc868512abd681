// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const written = new Set(['insertText', 'insertReplacementText', 'insertFromPaste', 'insertFromDrop', 'insertFromYank']);

/**
 * What people do in the editable element becomes a change of the shared text. The browser changes nothing itself, but
 * where it cannot be held back: words that an input method composes are read from the page when they are complete.
 */
export class DocumentInput {
  #editor;
  #view;
  #isComposing = false;
  #segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

  constructor(editor, element) {
    this.#editor = editor;
    this.#view = editor.view;
    element.addEventListener('beforeinput', (event) => this.#beforeInput(event));
    element.addEventListener('input', () => this.#isComposing || editor.takeFromPage());
    element.addEventListener('compositionstart', () => {
      editor.readSelection();
      this.#isComposing = true;
      editor.startComposing();
    });
    element.addEventListener('compositionend', () => {
      this.#isComposing = false;
      editor.takeFromPage();
    });
    element.addEventListener('keydown', (event) => this.#keyDown(event));
    element.addEventListener('copy', (event) => this.#copy(event));
    element.addEventListener('cut', (event) => this.#copy(event) && editor.replace(editor.range, ''));
    element.addEventListener('dragstart', (event) => event.preventDefault());
    element.addEventListener('focus', () => editor.enter());
    element.addEventListener('blur', () => editor.leave());
    document.addEventListener('selectionchange', () => editor.readSelection());
  }

  #beforeInput(event) {
    if (!event.cancelable || event.isComposing) return;
    event.preventDefault();
    this.#editor.readSelection();
    const { inputType } = event;
    if (written.has(inputType)) this.#editor.replace(this.#target(event), textOf(event));
    else if (inputType === 'insertParagraph' || inputType === 'insertLineBreak') this.#breakLine();
    else if (inputType === 'formatBold') this.#editor.toggleMark('bold');
    else if (inputType === 'formatItalic') this.#editor.toggleMark('italic');
    else if (inputType === 'historyUndo') this.#editor.undo();
    else if (inputType === 'historyRedo') this.#editor.redo();
    else if (inputType.startsWith('delete')) this.#delete(event);
  }

  /** Behind the last of a list, and at what has nothing in it, Enter ends the list. */
  #breakLine() {
    const { start, end } = this.#editor.range;
    const line = this.#lineAt(start);
    const isItem = line.kind === 'bullet' || line.kind === 'ordered';
    if (isItem && line.length === 0) this.#editor.setKind('p', [line]);
    else this.#editor.replace({ start, end }, '\n');
  }

  #delete(event) {
    const { start, end } = this.#editor.range;
    if (start !== end) {
      this.#editor.replace({ start, end }, '');
      return;
    }
    const line = this.#lineAt(start);
    const isBackward = event.inputType.endsWith('Backward');
    // A heading or an item becomes a paragraph before it becomes a part of the line above.
    if (isBackward && start === line.start && line.kind !== 'p') this.#editor.setKind('p', [line]);
    else this.#editor.replace(this.#deleted(event, start), '');
  }

  #deleted(event, caret) {
    const { text } = this.#view;
    if (event.inputType === 'deleteContentBackward') {
      return { start: caret - (this.#last(text.slice(Math.max(0, caret - 64), caret))), end: caret };
    }
    if (event.inputType === 'deleteContentForward') {
      const [next] = this.#segmenter.segment(text.slice(caret, caret + 64));
      return { start: caret, end: caret + (next?.segment.length ?? 0) };
    }
    return this.#target(event);
  }

  /** How long the last character is, as people count them. */
  #last(text) {
    return [...this.#segmenter.segment(text)].at(-1)?.segment.length ?? 0;
  }

  #target(event) {
    const [range] = event.getTargetRanges();
    if (!range) return this.#editor.range;
    const start = this.#view.indexOf(range.startContainer, range.startOffset);
    const end = this.#view.indexOf(range.endContainer, range.endOffset);
    return { start: Math.min(start, end), end: Math.max(start, end) };
  }

  #lineAt(index) {
    return this.#view.lines.findLast((line) => line.start <= index);
  }

  // The browser's own history knows nothing, for nothing was changed by it.
  #keyDown(event) {
    if (event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    const headings = { 1: 'h1', 2: 'h2' };
    if (key === 'z' && !event.altKey) event.shiftKey ? this.#editor.redo() : this.#editor.undo();
    else if (key === 'y' && !event.altKey) this.#editor.redo();
    else if (event.altKey && headings[event.key]) this.#editor.toggleKind(headings[event.key]);
    else return;
    event.preventDefault();
  }

  #copy(event) {
    this.#editor.readSelection();
    const { start, end } = this.#editor.range;
    if (start === end) return false;
    event.clipboardData.setData('text/plain', this.#editor.textIn({ start, end }));
    event.preventDefault();
    return true;
  }
}

function textOf(event) {
  const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
  return text.replaceAll(/\r\n?/g, '\n').replaceAll('\u00a0', ' ');
}
