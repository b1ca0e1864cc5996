import { render } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router-dom";

import type { HostProps } from "src/host/destination";
import { Windsock } from "src/Windsock";

const Address = () => {
  const { pathname, search } = useLocation();

  return <output data-testid="address">{`${pathname}${search}`}</output>;
};

/** Shows the whole component at an address of Airflow, with what the host passes there. */
export const renderAt = (address: string, props: HostProps = {}) =>
  render(
    <MemoryRouter initialEntries={[address]}>
      <Windsock {...props} />
      <Address />
    </MemoryRouter>,
  );
