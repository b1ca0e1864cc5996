import { Combobox } from "@base-ui/react/combobox";
import { Menu as BaseMenu } from "@base-ui/react/menu";

import type { Facet } from "src/api/types";
import { Button } from "src/components/Button";
import styles from "src/components/Facets.module.css";
import popup from "src/components/Popup.module.css";
import { Spoken } from "src/components/Spoken";

/** What stands on the button: the name, and what is chosen. */
const Label = ({ chosen, name }: { readonly chosen: ReadonlyArray<string>; readonly name: string }) => (
  <>
    <span>
      <Spoken>Filter by</Spoken> {name}{" "}
    </span>
    {chosen.length === 0 ? null : <span className={styles.chosen}>{chosen.length === 1 ? chosen[0] : chosen.length}</span>}
    <span aria-hidden className={styles.arrow}>
      ▾
    </span>
  </>
);

type FacetMenuProps = {
  readonly chosen: ReadonlyArray<string>;
  readonly name: string;
  readonly onChange: (chosen: ReadonlyArray<string>) => void;
  readonly options: ReadonlyArray<Facet>;
};

/** Filters by one or several of many values (owners, tags), with a field to find them. */
export const FacetMenu = ({ chosen, name, onChange, options }: FacetMenuProps) => {
  const counts = new Map(options.map(({ dags, value }) => [value, dags]));
  // A value in the address may be gone from the fleet: it stays visible, so that it can be taken away.
  const values = [...new Set([...options.map(({ value }) => value), ...chosen])];

  return (
    <Combobox.Root
      items={values}
      multiple
      onInputValueChange={(_, details) => {
        if (details.reason === "item-press") {
          details.cancel();
        }
      }}
      onValueChange={(next: ReadonlyArray<string>) => {
        onChange(next);
      }}
      value={[...chosen]}
    >
      <Combobox.Trigger
        // What stands in a combobox is its value, never its name.
        aria-label={`Filter by ${name}`}
        render={<Button className={chosen.length > 0 ? styles.active : ""} kind="quiet" />}
      >
        <Label chosen={chosen} name={name} />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" className={`windsock ${popup.positioner}`} sideOffset={4}>
          <Combobox.Popup aria-label={`Filter by ${name}`} className={`${popup.popup} ${styles.popup}`}>
            <Combobox.Input aria-label={`Find ${name}`} className={styles.input} placeholder={`Find ${name}…`} />
            <Combobox.Empty className={styles.none}>No {name} of that name</Combobox.Empty>
            <Combobox.List className={styles.list}>
              {(value: string) => (
                <Combobox.Item className={popup.item} key={value} value={value}>
                  <span aria-hidden className={styles.box}>
                    <Combobox.ItemIndicator>✓</Combobox.ItemIndicator>
                  </span>
                  <span className={styles.value}>{value}</span>
                  <span className={styles.count}>{counts.get(value) ?? 0}</span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
};

type ChoiceMenuProps<Value extends string> = {
  readonly chosen: ReadonlyArray<Value>;
  readonly choices: Readonly<Record<Value, string>>;
  readonly name: string;
  readonly onChange: (chosen: ReadonlyArray<Value>) => void;
  /** Only one at a time may be chosen. */
  readonly single?: boolean;
};

/** Filters by one or several of few values. */
export const ChoiceMenu = <Value extends string>({
  choices,
  chosen,
  name,
  onChange,
  single = false,
}: ChoiceMenuProps<Value>) => {
  const isValue = (key: string): key is Value => key in choices;
  const values = Object.keys(choices).filter(isValue);

  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={<Button className={chosen.length > 0 ? styles.active : ""} kind="quiet" />}>
        <Label chosen={chosen.map((value) => choices[value])} name={name} />
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner align="start" className={`windsock ${popup.positioner}`} sideOffset={4}>
          <BaseMenu.Popup className={popup.popup}>
            {values.map((value) => (
              <BaseMenu.CheckboxItem
                checked={chosen.includes(value)}
                className={popup.item}
                closeOnClick={single}
                key={value}
                onCheckedChange={(checked) => {
                  const others = single ? [] : chosen.filter((one) => one !== value);

                  onChange(checked ? [...others, value] : others);
                }}
              >
                <span aria-hidden className={styles.box}>
                  <BaseMenu.CheckboxItemIndicator>✓</BaseMenu.CheckboxItemIndicator>
                </span>
                {choices[value]}
              </BaseMenu.CheckboxItem>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
};
