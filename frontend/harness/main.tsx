import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router-dom";

import { Harness } from "./Harness";
import "./host.css";

const root = document.getElementById("root");

if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <Harness />
      </BrowserRouter>
    </StrictMode>,
  );
}
