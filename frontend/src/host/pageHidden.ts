/** Whether nobody can see the page: then nothing needs to be asked. */
export const isPageHidden = (): boolean => document.hidden;
