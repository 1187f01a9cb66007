import { drawAll } from "./charts/draw";

drawAll();
