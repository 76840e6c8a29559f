// English words of fits and decision surfaces.

export const fit = {
  'fit.validation': 'validation points',
  'fit.describeValidation': 'Besides, {count} validation points.',

  'surface.title': 'Surface',
  'surface.x1': 'x₁',
  'surface.x2': 'x₂',
  'surface.legend': 'Shown points',
  'surface.classes': 'Classes',
  'surface.classesHint':
    'A region has the colour of the class that the network finds there: the stronger, the surer it is',
  'surface.answer': 'Answer',
  'surface.answerHint':
    'What the network answers; a point has the colour of what it should. Beyond both ends the colour stays',
  'surface.alone': 'Show {run} alone',
  'surface.all': 'Show all runs',
  'surface.more': 'The first {shown} of {all} runs',
  'surface.score': '{name} {value}',
  'surface.at': '{name1} = {x1}, {name2} = {x2}',
  'surface.isClass': '{name} ({share})',
  'surface.describe': '{run} at step {step}: {score}.',
  'surface.describeNone': 'Nothing has been learned yet.',
  'surface.points': '{train} train points, {validation} validation points, {test} test points.',
  'surface.keys': 'Arrow keys move the place whose answers are read, with Shift further; Escape ends it.',
  'surface.tableCaption': 'Answers of {run} over the plane',
  'surface.tableAt': '{name} = {value}',
} as const;
