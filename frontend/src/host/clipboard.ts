/**
 * Puts text on the clipboard. Airflow is often served without TLS, where browsers have no `navigator.clipboard`: then a
 * field outside the picture is copied from. Answers whether it worked.
 */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);

    return true;
  } catch {
    const field = document.createElement("textarea");

    field.value = text;
    field.readOnly = true;
    field.style.position = "fixed";
    field.style.top = "-1000px";
    document.body.append(field);
    field.select();
    try {
      // Out of favour, and the only way without TLS.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      return document.execCommand("copy");
    } catch {
      return false;
    } finally {
      field.remove();
    }
  }
};
