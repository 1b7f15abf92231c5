"""Trains gradient-boosted trees on the job's parcels and exports ONNX, by the contract in docs/trainer-contract.md."""

import json
import pickle
import sys
import time
from datetime import datetime
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

BAD_DATA = 65
DAY_MS = 86_400_000
HELD_OUT_DAYS = 7
FEATURES = ["hour", "km", "south", "express"]
TREES_A_STEP = 10


def main() -> int:
    job = json.loads(Path(sys.argv[1]).read_text())
    out, checkpoints = Path(job["outFolder"]), Path(job["checkpointFolder"])
    steps = int(job["parameters"].get("steps", 6))
    fewest = int(job["parameters"].get("fewestParcels", 1_000))
    inputs, labels = read(Path(job["dataFile"]), until=held_out_from(job["snapshot"]["cutoff"]))
    if len(labels) < fewest or labels.min() == labels.max():
        print(f"{len(labels)} parcels to train on, {int(labels.sum())} of them late: too few; give a later cutoff", file=sys.stderr)
        return BAD_DATA
    # Without early stopping and subsampling, the trees depend on data and parameters alone: a resumed fit adds the same ones.
    model = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_leaf_nodes=8,
        early_stopping=False,
        warm_start=True,
        random_state=job["seed"],
    )
    done, model = resume(checkpoints, model)
    for step in range(done + 1, steps + 1):
        began = time.perf_counter()
        model.set_params(max_iter=step * TREES_A_STEP)
        model.fit(inputs, labels)
        save(checkpoints, step, model)
        seconds = time.perf_counter() - began
        loss = log_loss(labels, model.predict_proba(inputs)[:, 1])
        progress = {"epoch": step, "epochs": steps, "loss": loss, "rowsPerSecond": len(labels) * TREES_A_STEP / seconds}
        print(json.dumps({"progress": progress}), flush=True)
    onnx = to_onnx(model, inputs[:1], options={"zipmap": False}, target_opset={"": 18, "ai.onnx.ml": 3})
    (out / "model.onnx").write_bytes(onnx.SerializeToString())
    probabilities = model.predict_proba(inputs)[:, 1]
    result = {
        "schema": "slipway.training_result/1",
        "artifact": "model.onnx",
        "format": "onnx/18",
        "kind": f"{steps * TREES_A_STEP} boosted trees",
        "featureVersion": "python-late_features_v1",
        "actionPolicy": {
            "version": "python-late_warning_v1",
            "parameters": {"missCost": 4, "falseWarningCost": 1, "threshold": 0.2},
        },
        "metrics": {"rows": len(labels), "logLoss": log_loss(labels, probabilities), "meanOfFirst50": float(probabilities[:50].mean())},
    }
    (out / "result.json").write_text(json.dumps(result))
    return 0


def held_out_from(cutoff: str) -> float:
    return datetime.fromisoformat(cutoff.replace("Z", "+00:00")).timestamp() * 1_000 - HELD_OUT_DAYS * DAY_MS


def read(file: Path, until: float) -> tuple[np.ndarray, np.ndarray]:
    """Parcels dispatched and labelled before the held-out days, as 32-bit floats, which the exported trees compare."""
    inputs, labels = [], []
    for parcel in json.loads(file.read_text()):
        if parcel["at"] >= until or parcel["knownAt"] >= until:
            continue
        values = parcel["input"]
        inputs.append([values["hour"], values["km"], values["carrier"] == "south", values["carrier"] == "express"])
        labels.append(parcel["late"])
    return np.asarray(inputs, dtype=np.float32).reshape(-1, len(FEATURES)), np.asarray(labels, dtype=np.int64)


def resume(folder: Path, fresh: HistGradientBoostingClassifier) -> tuple[int, HistGradientBoostingClassifier]:
    file = folder / "model.pickle"
    return pickle.loads(file.read_bytes()) if file.exists() else (0, fresh)


def save(folder: Path, step: int, model: HistGradientBoostingClassifier) -> None:
    """Writes the whole file or nothing: a process killed while it writes leaves the previous checkpoint."""
    partial = folder / "model.pickle.next"
    partial.write_bytes(pickle.dumps((step, model)))
    partial.replace(folder / "model.pickle")


if __name__ == "__main__":
    sys.exit(main())
