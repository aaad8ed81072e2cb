"""From a document to what people see: HTML, charts, the PDF, the page behind the signed link."""
