// Hands an answer to an application without a click; without script the button does it.
document.querySelector("form").submit();
