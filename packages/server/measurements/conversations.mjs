/** Fifty conversations of one user, written for the measurement: what is said, the fact that is drawn of it, and a later question. */

/** A line: what the user says | the fact | what is asked about it in another session. */
const lines = `
Hi, I'm Ada Moreno, but everybody calls me Ada. | Is called Ada Moreno, and Ada for short. | What is my name?
I just moved to Lisbon with my family. | Lives in Lisbon with the family. | Where do I live?
We have twins, Nuno and Clara, they are six. | Has six-year-old twins called Nuno and Clara. | How old are my children?
My husband Rui teaches physics at a grammar school. | Is married to Rui, who teaches physics at a grammar school. | What does my husband do for a living?

I work as a structural engineer at Ponte Verde. | Works as a structural engineer at Ponte Verde. | Which company do I work for?
My boss is Helena Costa, she wants the report by Fridays. | Has a boss called Helena Costa, who wants reports by Fridays. | By which day does Helena need the report?
I usually work from home on Tuesdays and Thursdays. | Works from home on Tuesdays and Thursdays. | On which days am I not in the office?
Our office is near the Cais do Sodré station. | Has an office near the Cais do Sodré station. | Which station is close to the office?

I'm allergic to peanuts, badly. | Has a severe peanut allergy. | Can I eat peanut butter?
I don't eat meat, but fish is fine. | Eats fish but no meat. | What should I cook for myself, a steak?
Coffee after four keeps me awake all night. | Can't sleep after drinking coffee past four. | Is an espresso in the evening a good idea?
I can't stand coriander. | Dislikes coriander. | Which herb do I dislike?

Our dog is a beagle called Pepper. | Has a beagle called Pepper. | What breed is our dog?
Pepper has to go to the vet on the 14th of May for her shots. | Pepper the dog gets her shots at the vet on 14 May. | When is the appointment at the vet?
The cat next door, Sombra, sleeps on our balcony. | The neighbour's cat, Sombra, sleeps on the balcony. | Whose cat sleeps on the balcony?
I was bitten by a horse as a kid and keep away from them. | Keeps away from horses since being bitten as a child. | Would a riding holiday be something for me?

Please give me answers without tables, I read on the phone. | Prefers answers without tables, as she reads on the phone. | How do I like answers to look?
And keep it short, three sentences at most. | Prefers answers of three sentences at most. | How long may an answer be?
I'd rather have metric units. | Prefers metric units. | Miles or kilometres?
Use British spelling when you write for me. | Prefers British spelling. | Should it be colour or color?

I run three times a week, usually along the river. | Runs three times a week along the river. | How often do I go running?
My knee hurts when I run downhill. | Has knee pain when running downhill. | What is wrong with my knee?
I've signed up for the half marathon in Porto in October. | Has signed up for the half marathon in Porto in October. | In which city is my half marathon?
My best time over ten kilometres is 52 minutes. | Has run ten kilometres in 52 minutes at best. | What is my record over ten kilometres?

I'm learning Japanese, I'm at the level of N4. | Learns Japanese, and is at level N4. | Which language am I learning?
My tutor is Kenji, we meet on Mondays at seven. | Has Japanese lessons with the tutor Kenji on Mondays at seven. | At what time is the lesson with Kenji?
I want to travel to Kyoto in spring to see the cherry blossoms. | Plans a trip to Kyoto in spring for the cherry blossoms. | Where do I want to see blossoms?
I speak Portuguese and Spanish at home. | Speaks Portuguese and Spanish at home. | Which languages do I speak at home?

My mother Teresa had a hip operation in March. | Her mother Teresa had a hip operation in March. | How is my mother's hip?
She lives in Évora, in the old house. | Her mother lives in Évora, in the old house. | Where does my mother live?
My father died when I was twelve. | Lost her father at the age of twelve. | Is my father still alive?
My brother Tomás is a pilot with TAP. | Her brother Tomás is a pilot with TAP. | Which airline does Tomás fly for?

We drive a blue electric Renault. | Drives a blue electric Renault. | What colour is my car?
The car has to be inspected by the end of September. | The car is due for inspection by the end of September. | When is the inspection of the car due?
There's no charger at home, we charge at the supermarket. | Charges the car at the supermarket, as there is no charger at home. | Where do I charge the car?
I get seasick on ferries. | Gets seasick on ferries. | Would I enjoy a crossing by boat?

My insurance is with Fidelidade, policy for the flat. | Has the flat insured with Fidelidade. | Who insures the flat?
Our landlord is Senhor Batista, he never answers emails. | Has a landlord, Senhor Batista, who never answers emails. | How do I best reach the landlord?
The rent is 1,450 euros a month. | Pays 1,450 euros of rent a month. | How much is the rent?
The contract for the flat runs until 2028. | Has a contract for the flat until 2028. | Until when does the contract run?

I play the cello in an amateur orchestra. | Plays the cello in an amateur orchestra. | Which instrument do I play?
We rehearse in the church of São Roque on Wednesdays. | Has orchestra rehearsals in the church of São Roque on Wednesdays. | Where are the rehearsals?
The next concert is Dvořák's eighth, on 3 June. | Plays Dvořák's eighth symphony in a concert on 3 June. | What do we perform next?
I broke my bow and need a new one. | Needs a new bow for the cello. | What do I have to buy for my instrument?

I'm colour-blind, red and green look the same to me. | Is red-green colour-blind. | Can I tell red from green?
I wear glasses, minus four on both sides. | Wears glasses of minus four dioptres. | How strong are my glasses?
My blood group is A negative. | Has blood group A negative. | What is my blood type?
I take levothyroxine every morning. | Takes levothyroxine every morning. | Which medicine do I take in the morning?

My favourite film is Spirited Away. | Has Spirited Away as her favourite film. | Which film do I like best?
I'm reading Middlemarch at the moment, slowly. | Reads Middlemarch slowly. | Which novel am I reading?
I hate horror films, they give me nightmares. | Gets nightmares from horror films. | Should I watch something scary tonight?
My podcast for the commute is about Roman history. | Listens to a podcast about Roman history on the commute. | What do I listen to on the way to work?

I use a ThinkPad with Fedora at work. | Uses a ThinkPad with Fedora at work. | Which operating system runs on my laptop at work?
At home there's an old iMac the kids use. | Has an old iMac at home that the kids use. | Which computer do the kids use?
I write my scripts in Python, never learned JavaScript. | Writes scripts in Python, and never learned JavaScript. | In which programming language should the script be?
I edit everything in Vim. | Edits everything in Vim. | Which editor do I use?

We want to buy a house in the Alentejo in two years. | Plans to buy a house in the Alentejo in two years. | In which region do we want to buy?
We've put aside 60,000 euros for it. | Has saved 60,000 euros for the house. | How much have we saved?
It must have a garden with lemon trees. | Wants a house with a garden and lemon trees. | Which trees are a must for the garden?
Rui wants a workshop for his telescopes. | Rui wants a workshop for his telescopes in the house. | What does Rui need a workshop for?

I get migraines when the weather changes. | Gets migraines when the weather changes. | What brings on my headaches?
I sleep with earplugs because of the tram. | Sleeps with earplugs because of the tram. | Why do I need earplugs?
I don't drink alcohol any more, since last year. | Has not drunk alcohol since last year. | Would I like a glass of wine?
I go to bed at ten, I'm an early bird. | Goes to bed at ten, as an early riser. | Am I a night owl?

My friend Marta is getting married on 20 July in Sintra. | Her friend Marta marries on 20 July in Sintra. | When is Marta's wedding?
I'm her maid of honour and have to give a speech. | Is maid of honour at Marta's wedding, and gives a speech. | Who has to give a speech at the wedding?
The dress code is light linen. | The dress code of the wedding is light linen. | What should one wear to the wedding?
We'll give her a trip to the Azores. | Gives Marta a trip to the Azores for the wedding. | What is our present for Marta?

The bridge I calculate at the moment crosses the Mondego. | Works on a bridge over the Mondego. | Which river does my current bridge cross?
It's a cable-stayed bridge with 186 metres of span. | The bridge at work is cable-stayed, with a span of 186 metres. | How wide is the span?
We use SOFiSTiK for the finite elements. | Uses SOFiSTiK for finite elements. | Which software do we calculate with?
The client is the municipality of Coimbra. | The client of the bridge is the municipality of Coimbra. | Who is the client?

The twins go to the school in Alcântara. | The twins go to school in Alcântara. | Which school do the twins go to?
Clara plays football, Nuno paints all day. | Clara plays football, and Nuno paints. | Which of the twins plays football?
Nuno is afraid of the dark. | Nuno is afraid of the dark. | Why does Nuno want a light at night?
Their birthday is 9 November. | The twins have their birthday on 9 November. | When is the birthday of the twins?

I'm saving for a Bianchi racing bike. | Saves for a Bianchi racing bike. | Which bicycle do I dream of?
My old bicycle was stolen in Belém. | Had her old bicycle stolen in Belém. | Where was my bicycle stolen?
I never ride without a helmet. | Never rides without a helmet. | Do I wear a helmet?
Hills are what I like, flat roads bore me. | Likes hills on rides, and finds flat roads boring. | What kind of route suits me?

I studied civil engineering in Delft. | Studied civil engineering in Delft. | Where did I study?
My thesis was about the fatigue of welded joints. | Wrote her thesis about the fatigue of welded joints. | What was my thesis about?
I lived in the Netherlands for four years. | Lived in the Netherlands for four years. | How long was I in the Netherlands?
I still get the alumni magazine. | Gets the alumni magazine of the university. | Which magazine do I get from the university?

I'd like reminders by email, never by phone. | Prefers reminders by email, never by phone. | How do I want to be reminded?
My calendar is in Nextcloud. | Keeps the calendar in Nextcloud. | Where is my calendar?
Meetings before nine don't work, I take the kids to school. | Can't have meetings before nine, as she takes the kids to school. | Can we meet at eight?
In August I'm always off. | Is off work in August. | In which month am I on leave?

We're vegetarians on Mondays, the kids insist. | The family eats vegetarian on Mondays. | What may be on the table on a Monday?
I bake sourdough bread every weekend. | Bakes sourdough bread every weekend. | What do I bake?
My oven is broken above 200 degrees. | Has an oven that doesn't get hotter than 200 degrees. | How hot does my oven get?
Grandma's recipe for arroz doce is my treasure. | Treasures her grandmother's recipe for arroz doce. | Which dessert is an heirloom?

I volunteer at the food bank on the first Saturday of the month. | Volunteers at the food bank on the first Saturday of the month. | When am I at the food bank?
I give blood twice a year. | Gives blood twice a year. | How often do I donate blood?
I'm on the parents' committee of the school. | Is a member of the parents' committee of the school. | What do I do at the school?
I vote in Évora still, I never changed my registration. | Is still registered to vote in Évora. | Where do I vote?

My passport runs out in January 2027. | Has a passport that expires in January 2027. | Until when is my passport valid?
I fly with hand luggage only. | Flies with hand luggage only. | Do I check in a suitcase?
I'm afraid of lifts, I take the stairs. | Is afraid of lifts and takes the stairs. | Should I book a room on the tenth floor?
Window seats, please, always. | Prefers window seats. | Aisle or window?

I'm turning forty in December. | Turns forty in December. | Which birthday do I celebrate in December?
I want no party, a walk by the sea is enough. | Wants a walk by the sea and no party for her birthday. | How shall I celebrate?
My favourite flower is the freesia. | Likes freesias best of all flowers. | Which flowers would make me happy?
Gold earrings itch, only silver works. | Can only wear silver earrings, as gold ones itch. | Which metal should jewellery be of?

Our washing machine leaks, a Bosch from 2012. | Has a leaking Bosch washing machine of 2012. | Which machine leaks?
The plumber we trust is Joaquim. | Trusts the plumber Joaquim. | Whom do I call for a burst pipe?
The fuse box is behind the mirror in the hall. | Has the fuse box behind the mirror in the hall. | Where is the fuse box?
The Wi-Fi doesn't reach the bedroom. | Has no Wi-Fi in the bedroom. | In which room is there no internet?

I follow Benfica, a family disease. | Is a fan of Benfica. | Which football club do I support?
I have a season ticket in block 12. | Has a season ticket in block 12. | Where do I sit in the stadium?
I met Eusébio once as a child. | Met Eusébio once as a child. | Which footballer have I met?
I don't care for tennis. | Is not interested in tennis. | Should I get tickets for a tennis match?

My sister-in-law Inês is a lawyer for tenancy law. | Her sister-in-law Inês is a lawyer for tenancy law. | Who can help me with a question of tenancy?
She charges family nothing. | Inês charges family nothing. | What does Inês charge?
She's on leave until September, she had a baby. | Inês is on leave until September after having a baby. | Until when is Inês away?
The baby is called Matilde. | Inês has a baby called Matilde. | What is the name of the baby?

I started pottery this winter, on Saturdays. | Does pottery on Saturdays since this winter. | What is my new hobby?
My bowls still crack in the kiln. | Makes bowls that crack in the kiln. | What goes wrong with my bowls?
The studio belongs to a woman called Filipa. | Does pottery in the studio of Filipa. | Whose studio is it?
I'd love to make a teapot one day. | Would love to make a teapot. | What would I like to make of clay?

I'm a member of the Green party, not active though. | Is a member of the Green party, but not active. | Which party am I a member of?
I read the Público every morning. | Reads the Público every morning. | Which newspaper do I read?
I don't want to talk about politics with customers. | Does not want to talk politics with customers. | Which subject do I avoid with customers?
I signed the petition against the new airport. | Signed the petition against the new airport. | What do I think of the new airport?

My bank is Montepio. | Has an account at Montepio. | Which bank am I with?
I want to invest in funds without arms. | Wants to invest in funds without arms. | What must not be in my funds?
We owe my mother 5,000 euros for the move. | Owes her mother 5,000 euros for the move. | Do we owe anybody money?
My tax number is with the accountant, Dona Graça. | Has an accountant called Dona Graça. | Who does my taxes?

I take the 28E tram when I'm late. | Takes the tram 28E when late. | Which tram do I take?
My monthly pass is on my phone. | Has the monthly pass on the phone. | Where is my ticket for the tram?
I never drive in the city. | Never drives in the city. | Would I take the car downtown?
The bus stop is right in front of our house. | Has a bus stop right in front of the house. | How far is it to the bus?

Our Christmas is always at my mother's. | Spends Christmas at her mother's. | Where are we at Christmas?
This year Rui's parents come along. | Rui's parents come along for Christmas this year. | Who joins us this Christmas?
We eat cod on the 24th, as everybody does. | Eats cod on 24 December. | What is for dinner on Christmas Eve?
The kids believe in the Three Kings, not in Santa. | The kids believe in the Three Kings, not in Santa. | Who brings presents to the kids?

I'm writing a children's book about a heron. | Writes a children's book about a heron. | What is my book about?
The heron is called Olavo and can't fly. | The heron in her book is called Olavo and can't fly. | What is the name of the heron?
My illustrator is a colleague, Zé. | Has her book illustrated by a colleague, Zé. | Who draws the pictures?
I have sent it to two publishers. | Has sent the book to two publishers. | How many publishers have the manuscript?

I swim in the sea even in winter. | Swims in the sea even in winter. | Do I mind cold water?
My wetsuit is size M. | Wears a wetsuit of size M. | Which size do I need for a wetsuit?
I wear shoes of size 39. | Wears shoes of size 39. | What is my shoe size?
My trousers are 30/32. | Wears trousers of 30/32. | Which trousers fit me?

I had Covid twice. | Had Covid twice. | How many times was I ill with Covid?
My doctor is Dra. Nunes in Estrela. | Has a doctor called Dra. Nunes, in Estrela. | Who is my doctor?
I'm scared of needles. | Is scared of needles. | Why do I put off vaccinations?
The dentist said I grind my teeth. | Grinds her teeth, the dentist says. | What did the dentist find?

My daughter wants a guinea pig. | Her daughter wants a guinea pig. | Which pet does Clara wish for?
I said no because of Pepper. | Said no to a guinea pig because of the dog. | Why is there no guinea pig?
We'll look at goldfish instead. | Considers goldfish instead of a guinea pig. | What could be in an aquarium for us?
The aquarium of Lisbon is our place for rainy Sundays. | Goes to the aquarium of Lisbon on rainy Sundays. | What do we do on a wet Sunday?

I'm trying to use less plastic. | Tries to use less plastic. | Which material do I avoid?
We get a box of vegetables from a farm every Thursday. | Gets a box of vegetables from a farm every Thursday. | When do the vegetables come?
I compost on the balcony, with worms. | Composts with worms on the balcony. | What lives in the box on my balcony?
Our electricity is from a cooperative, Coopérnico. | Gets electricity from the cooperative Coopérnico. | Who supplies our power?

In the project we review on Mondays and plan on Fridays. | Reviews on Mondays and plans on Fridays in the project. | On which day do we plan?
My deputy is Sofia, she knows everything I know. | Has a deputy at work called Sofia. | Who stands in for me?
I don't read Slack after six. | Does not read Slack after six. | Will I see a message at seven in the evening?
I want slides with one idea each. | Wants slides with one idea each. | How should my slides be?

Ich habe auch zwei Jahre in Dresden gearbeitet. | Hat zwei Jahre in Dresden gearbeitet. | Wo in Deutschland habe ich gearbeitet?
Mein Deutsch ist ganz gut, nur die Artikel nicht. | Spricht gut Deutsch, hat aber Mühe mit den Artikeln. | Was fällt mir im Deutschen schwer?
Am liebsten esse ich Eierschecke. | Isst am liebsten Eierschecke. | Welchen Kuchen mag ich?
Meine Freundin Katrin wohnt noch dort. | Hat eine Freundin Katrin, die in Dresden wohnt. | Wie heißt meine Freundin in Dresden?

My favourite colour is petrol. | Has petrol as her favourite colour. | Which colour shall the curtains have?
The living room faces north and is dark. | Has a dark living room that faces north. | Why is the living room dark?
We have no curtains yet. | Has no curtains yet. | What is missing at the windows?
I can't drill, ask Rui. | Can't drill, and leaves it to Rui. | Who puts up shelves in our home?

I was a girl scout for ten years. | Was a girl scout for ten years. | How long was I with the scouts?
I can make a fire with wet wood. | Can make a fire with wet wood. | Can I make a fire in the rain?
My camp name was Coruja. | Had the camp name Coruja. | What did they call me at camp?
I still have the neckerchief. | Still has the scouts' neckerchief. | What is left of my time as a scout?

I drive to the Serra da Estrela every February to ski. | Goes skiing in the Serra da Estrela every February. | Where do I ski?
I ski, the kids do snowboard. | Skis, while the kids snowboard. | What do the kids do on snow?
We rent the equipment, always at Zeca's. | Rents ski equipment at Zeca's. | Where do we rent our skis?
I had a torn ligament in 2019. | Had a torn ligament in 2019. | Which injury did I have?

My phone is a Fairphone. | Has a Fairphone. | Which phone do I have?
I don't have WhatsApp, only Signal. | Uses Signal, and not WhatsApp. | By which messenger am I reached?
I block all calls from unknown numbers. | Blocks calls from unknown numbers. | Will I pick up when a stranger rings?
My screen is set to grey in the evening. | Sets the screen to grey in the evening. | What happens to my screen at night?

I'm preparing a talk for a congress in Vienna. | Prepares a talk for a congress in Vienna. | In which city is the congress?
It's about bridges that measure themselves. | Gives a talk about bridges that measure themselves. | What is my talk about?
I get 20 minutes, and questions. | Has 20 minutes for the talk. | How long may I speak?
I get terribly nervous on stage. | Gets nervous on stage. | How do I feel in front of an audience?

I'm the treasurer of our allotment club. | Is the treasurer of the allotment club. | Which office do I hold at the allotments?
Our plot is number 17, by the well. | Has allotment plot number 17, by the well. | Which plot is ours?
I grow chard and far too many courgettes. | Grows chard and courgettes. | Which vegetables do I grow?
Slugs eat everything, and I refuse to use poison. | Refuses to use poison against slugs. | What may I not be sold against slugs?

My alarm rings at a quarter past five. | Gets up at a quarter past five. | When does my alarm ring?
I meditate for ten minutes before breakfast. | Meditates for ten minutes before breakfast. | What do I do before breakfast?
Breakfast is porridge with blueberries. | Has porridge with blueberries for breakfast. | What do I have for breakfast?
On Sundays Rui brings me tea in bed. | Gets tea in bed from Rui on Sundays. | Who makes me tea on a Sunday?

I collect stamps with lighthouses on them. | Collects stamps with lighthouses. | What do I collect?
The rarest one is from Iceland, from 1931. | Has a rare Icelandic stamp of 1931. | From which country is my rarest stamp?
They are in a red album on the top shelf. | Keeps the stamps in a red album on the top shelf. | Where are my stamps?
I got the first ones from my grandfather Abel. | Got her first stamps from her grandfather Abel. | Who gave me my first stamps?

I'm hard of hearing on the left side. | Is hard of hearing on the left. | On which side should one sit to talk to me?
Phone calls are tiring for me, better write. | Finds phone calls tiring, and prefers writing. | Should I be phoned?
I'll get a hearing aid in autumn. | Gets a hearing aid in autumn. | What do I get in autumn?
Loud restaurants are a horror. | Can't bear loud restaurants. | What kind of restaurant should I not be taken to?
`;

/** Fifty of four: `{ said, fact, question }`. */
export const conversations = lines
  .trim()
  .split('\n\n')
  .map((block) =>
    block.split('\n').map((line) => {
      const [said, fact, question] = line.split(' | ');
      return { said, fact, question };
    }),
  );

/** What no fact answers. */
export const strangers = [
  'How tall is Mount Everest?',
  'Translate "good morning" into Finnish.',
  'Write a limerick about a snail.',
  'What is the derivative of x squared?',
  'Who painted Guernica?',
  'Explain photosynthesis in two sentences.',
  'Convert 20 pounds to grams.',
  'Which planets have rings?',
  'Suggest a name for a bakery.',
  'How do I reverse a linked list?',
  'What is the capital of Mongolia?',
  'Give me synonyms of quick.',
  'When did the Berlin wall fall?',
  'How does a heat pump work?',
  'Summarise the plot of Hamlet.',
  'Is zero an even number?',
  'What causes the tides?',
  'Draft a polite refusal.',
  'Who invented the telephone?',
  'What does HTTP 418 mean?',
];
